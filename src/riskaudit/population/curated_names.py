"""Name lists written by hand, most common first, where Faker has none in Latin script or leaves common names out.

They are well-known given names and surnames put down from general knowledge: an assumption, not a sample of anybody. No
frequency is taken from a source; the order only feeds the assumed Zipf weights.
"""

from __future__ import annotations

from riskaudit.population.vocabulary import PoolName

__all__ = ["FAMILY", "FAMILY_OF_WOMEN", "FEMALE", "MALE"]

MALE: dict[PoolName, str] = {
    PoolName.EN_PK: "Muhammad Ali Hamza Ibrahim Yusuf Hassan Usman Bilal Zain Haris Ahmed Imran Adnan Faisal Asif Tariq",
    PoolName.BANGLADESHI: (
        "Mohammed Abdul Rahim Karim Mizanur Shafiqul Kamal Jamal Nurul Anisur Habibur Rezaul Tanvir Arif Rafiq Faruk "
        "Shahin Sohel Imran Monir Jahangir Aminul Khaled Saiful Ashraf Ridwan Tahmid Nayeem Mahdi Yusuf Ibrahim Zakir"
    ),
    PoolName.CHINESE: (
        "Wei Ming Jun Hao Jian Yang Lei Kai Bin Cheng Xiaoming Zhiwei Haoran Yichen Zihan Junjie Wenbo Guoqiang Tao Hui "
        "Peng Dong Rui Yifan Zhihao Minghao Weijie Jiahao Chun Kin Wai Siu"
    ),
    PoolName.SOMALI: (
        "Mohamed Abdi Ahmed Abdirahman Hassan Ali Abdullahi Yusuf Ibrahim Omar Ismail Mahad Khalid Bilal Liban Guled "
        "Hussein Farah Warsame Abdifatah Mustafa Zakariye Ayub Suleiman Faisal Nur Jama Bashir Idris Mukhtar"
    ),
}
FEMALE: dict[PoolName, str] = {
    PoolName.EN_PK: "Aisha Fatima Zainab Maryam Khadija Amina Sana Hira Iqra Saima Nadia Shazia Rukhsana Noor Zara Bushra",
    PoolName.BANGLADESHI: (
        "Fatema Ayesha Nasima Rahima Shahana Sultana Rina Salma Nusrat Tahmina Farzana Shirin Rokeya Jesmin Hasina Rubina "
        "Taslima Sadia Maisha Nadia Tanisha Samira Sumaiya Halima Maryam Khadija Lutfa Shamima Moriom Afsana Rehana Amina"
    ),
    PoolName.CHINESE: (
        "Ying Li Mei Xin Yan Jing Fang Na Min Hui Ling Xiaoyu Yuting Jiayi Zixuan Yutong Xinyi Siyu Wenjing Meiling Lan "
        "Hong Qian Yue Rui Shu Yun Jiaqi Man Wing Ka Suet"
    ),
    PoolName.SOMALI: (
        "Amina Fatima Hodan Asha Ayan Hibo Sahra Khadija Maryan Halima Ifrah Nasra Fardowsa Zahra Hamdi Sagal Ubah Deqa "
        "Idil Muna Safiya Ikran Naima Rahma Hafsa Sumaya Ladan Faiza Shukri Roda"
    ),
}
FAMILY: dict[PoolName, str] = {
    PoolName.EN_IN: "Singh Patel Kaur Shah Kumar Sharma Gill Mistry Desai Mehta Sandhu Dhillon Joshi Gupta Reddy Nair Rao Das",
    PoolName.EN_PK: (
        "Khan Hussain Ahmed Ali Akhtar Mahmood Iqbal Shah Malik Mirza Butt Chaudhry Aslam Ashraf Anwar Rashid Saleem Yousaf "
        "Mehmood Shabir Rafiq Bashir Javed Nawaz"
    ),
    PoolName.BANGLADESHI: (
        "Ahmed Rahman Islam Miah Ali Uddin Hussain Chowdhury Khan Hoque Alam Haque Choudhury Karim Sarkar Mia Kabir Bhuiyan "
        "Talukdar Hasan Ullah Malik Mollah Sheikh Das Roy"
    ),
    PoolName.CHINESE: "Wong Chan Li Chen Wang Zhang Cheung Lam Liu Lee Leung Yang Ng Lau Huang Ho Cheng Tang Zhao Wu Kwok Yip",
    PoolName.SOMALI: (
        "Mohamed Ali Ahmed Hassan Abdi Hussein Omar Ibrahim Yusuf Farah Osman Adan Abdullahi Jama Warsame Ismail Nur Elmi "
        "Abdirahman Hersi Duale Aden Isse Guled Mohamud Sheikh Samatar Egal Said Salad"
    ),
}
# Surnames that women bear and do not pass on.
FAMILY_OF_WOMEN: dict[PoolName, str] = {
    PoolName.EN_PK: "Bibi Begum Akhtar Khan Kauser Parveen Hussain Ahmed Jan Ali",
    PoolName.BANGLADESHI: "Begum Khatun Akter Bibi Sultana Khanom Nessa Rahman Chowdhury Jahan Parvin Ahmed",
}
